import { SwitchboardError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { AssistantContent, Message, ToolResult, UserContent } from '../../protocol/message.ts';
import { toolArguments } from '../body.ts';
import { generationOf } from './abilities.ts';

/** A conversation as Gemini takes it: system text apart (Gemma has none: in front of the first turn), roles `user` and `model`. */
export function geminiContents(messages: Message[], model: string): { system: JsonObject[]; contents: JsonObject[] } {
  const system: JsonObject[] = [];
  const contents: { role: 'user' | 'model'; parts: JsonObject[]; tools?: true }[] = [];
  const toolNames = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'system') {
      system.push(...message.content.map(({ text }) => ({ text })));
    } else if (message.role === 'assistant') {
      for (const content of message.content) if (content.type === 'tool-call') toolNames.set(content.id, content.name);
      contents.push({ role: 'model', parts: assistantParts(message.content, model) });
    } else if (message.role === 'tool') {
      const parts = message.content.flatMap((result) =>
        toolResultParts(result, result.name ?? toolNames.get(result.callId) ?? result.callId, generationOf(model) >= 3),
      );
      // All results of one turn's calls go back together.
      const last = contents.at(-1);
      if (last?.tools) last.parts.push(...parts);
      else contents.push({ role: 'user', parts, tools: true });
    } else {
      contents.push({ role: 'user', parts: message.content.map(userPart) });
    }
  }
  if (/^gemma/.test(model) && system.length > 0) {
    const first = contents[0];
    if (first?.role === 'user') first.parts.unshift(...system);
    else contents.unshift({ role: 'user', parts: system.slice() });
    system.length = 0;
  }
  return { system, contents: contents.filter(({ parts }) => parts.length > 0).map(({ role, parts }) => ({ role, parts })) };
}

/** Ids that the decoder made up because the model gave none: they stay on our side. */
export const ownCallId = 'noid-';

function userPart(content: UserContent): JsonObject {
  if (content.type === 'text') return { text: content.text };
  if (content.data === '') throw new SwitchboardError('bad-request', `The ${content.type} is empty. Send its bytes as base64.`);
  return inlineData(content);
}

function inlineData({ mediaType, data }: { mediaType: string; data: string }): JsonObject {
  return { inlineData: { mimeType: mediaType, data } };
}

/** What Google names for calls whose signature is lost: Gemini 3 refuses to go on after a call without one. */
const lostSignature = 'skip_thought_signature_validator';

function assistantParts(contents: AssistantContent[], model: string): JsonObject[] {
  const needsSignature = !model.includes('gemma') && generationOf(model) >= 3;
  // Of several calls in one turn only the first carries a signature.
  const firstCall = contents.find((content) => content.type === 'tool-call');
  return contents.flatMap((content) => assistantPart(content, needsSignature && content === firstCall));
}

function assistantPart(content: AssistantContent, needsSignature: boolean): JsonObject[] {
  switch (content.type) {
    case 'text':
    case 'refusal':
      return content.text === '' ? [] : [{ text: content.text }];
    case 'thought':
      if (content.opaque?.thoughtSignature) return [{ text: '', thoughtSignature: content.opaque.thoughtSignature }];
      return content.signature ? [{ text: content.text, thought: true, thoughtSignature: content.signature }] : [];
    case 'tool-call': {
      const signature = content.opaque?.thoughtSignature ?? (needsSignature ? lostSignature : undefined);
      return [
        {
          functionCall: { ...callId(content.id), name: content.name, args: toolArguments(content.arguments, content.name) },
          ...(signature !== undefined && { thoughtSignature: signature }),
        },
      ];
    }
  }
}

/** From version 3 on images belong to the result; before, they stand behind it. */
function toolResultParts(result: ToolResult, name: string, holdsImages: boolean): JsonObject[] {
  const text = result.content.flatMap((item) => (item.type === 'text' ? [item.text] : [])).join('\n');
  const images = result.content.flatMap((item) => (item.type === 'image' ? [inlineData(item)] : []));
  const response = { ...callId(result.callId), name, response: result.isError ? { error: text } : { output: text } };
  if (!holdsImages || images.length === 0) return [{ functionResponse: response }, ...images];
  return [{ functionResponse: { ...response, parts: images } }];
}

function callId(id: string): { id?: string } {
  return id.startsWith(ownCallId) ? {} : { id };
}

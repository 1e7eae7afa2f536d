import { getDefaults, listConnections } from '../connections/store.ts';
import { findGrantsOfBoth } from '../permissions/both-sites.ts';
import type { Consent } from '../permissions/consent.ts';
import { grantAbilities } from '../permissions/grant.ts';
import type { AccessState } from '../protocol/access.ts';
import { SwitchboardError, toSwitchboardError } from '../protocol/errors.ts';
import type { Message } from '../protocol/message.ts';
import type { Ability, PageModel } from '../protocol/model.ts';
import type { CountRequest, EmbedResult } from '../protocol/request.ts';
import { createDoor } from './admission.ts';
import { chatWith, textWith } from './bridge.ts';
import type { Caller } from './caller.ts';
import { createDefaultModel } from './default-model.ts';
import { estimateMessages, estimateText } from './estimate.ts';
import { withSettings } from './generation.ts';
import { grantAbilitiesFor } from './lacks.ts';
import { needsOf } from './needs.ts';
import { pageModels } from './page-models.ts';
import { createPerform, type PerformDeps } from './perform.ts';
import type { Describe, Wanted } from './question-content.ts';
import { isDefaultName, type Reach } from './resolve.ts';
import type { Asked, Router } from './router.ts';
import { createRuns } from './runs.ts';
import { windowOf } from './window.ts';
import { wordsOf } from './words.ts';

export interface RouterDeps extends Omit<PerformDeps, 'door' | 'runs'> {
  consent: Consent;
  /** Makes the questions that consent asks. */
  describe: Describe;
}

/** The router of the background. Everything it needs from outside comes in here; the rooms with storage it knows itself. */
export function createRouter({ consent, describe, ...deps }: RouterDeps): Router {
  const { engines, lists } = deps;
  const runs = createRuns();
  const door = createDoor(consent, lists, describe);
  const perform = createPerform({ ...deps, door, runs });

  async function modelsOf(reach: Reach[], signal: AbortSignal): Promise<PageModel[]> {
    const models = await pageModels(reach, await getDefaults(), (connection) => lists.recent(connection, signal), await listConnections());
    const mayList = reach.some(({ grant }) => !grant || grant.abilities.includes('list'));
    return mayList ? models : models.slice(0, 1).map((model) => ({ ...model, id: 'default', name: 'default' }));
  }

  async function accessOf(caller: Caller, reach: Reach[], signal: AbortSignal): Promise<AccessState> {
    if (reach.length === 0) return { state: 'prompt', models: [] };
    const models = await modelsOf(reach, signal);
    const expiresAt = caller.role === 'site' ? (await findGrantsOfBoth(caller))[0]?.expiresAt : undefined;
    const abilities = grantAbilities.filter((ability) => reach.some(({ grant }) => !grant || grant.abilities.includes(ability)));
    return { state: 'granted', models, abilities, ...(expiresAt !== undefined && { expiresAt }) };
  }

  return {
    runs,
    ...createDefaultModel({ ...deps, door }),

    async requestAccess(caller, { reason, models = [], abilities }, signal) {
      const names = models.filter((name) => !isDefaultName(name));
      // Who names what it wants is asked about that and no more; who names nothing wants to chat, and can do without the names.
      const wishes: Pick<Wanted, 'abilities' | 'offered'> = abilities ? { abilities, offered: [] } : { abilities: ['chat'] };
      const wanted: Wanted = { names, asksAccessOnly: true, ...wishes, ...(reason !== undefined && { reason }) };
      const reach = await refusedAsState(caller.role === 'extension' ? door.reach(caller) : door.ask(caller, wanted, signal));
      return reach ? await accessOf(caller, reach, signal) : denied;
    },

    async queryAccess(caller) {
      const reach = await refusedAsState(door.reach(caller));
      return reach ? await accessOf(caller, reach, new AbortController().signal) : denied;
    },

    async models(caller, signal) {
      const reach = await refusedAsState(door.reach(caller));
      return await modelsOf(reach ?? [], signal);
    },

    chat(caller, request, signal, target, through = (ask) => ask(request), answers = 1) {
      const inputTokens = estimateMessages(request.messages, request.tools) * answers;
      const needs = needsOf(request);
      const wanted = { ...wantedFor(request, inputTokens, needs, answers), promptPreview: lastWords(request.messages) };
      return perform(
        caller,
        {
          wanted,
          needs,
          answers,
          inputTokens,
          words: () => wordsOf(request.messages),
          outputTokens: ({ connection }) => times(request.maxOutputTokens ?? connection.generation?.maxOutputTokens, answers),
          start(engine, { connection, model }, stop) {
            const { generation } = connection;
            const conversing = { template: generation?.template, window: () => windowOf({ connection, model, engine, lists }, stop) };
            return through((asked) => chatWith(engine, withSettings(asked, model, generation), conversing, stop));
          },
        },
        signal,
        target,
      );
    },

    text(caller, request, signal, target, through = (ask) => ask(request), answers = 1) {
      const inputTokens = estimateText(request.prompt.length + (request.suffix?.length ?? 0)) * answers;
      return perform(
        caller,
        {
          wanted: { ...wantedFor(request, inputTokens, [], answers), promptPreview: request.prompt },
          needs: [],
          answers,
          inputTokens,
          words: () => request.prompt,
          outputTokens: ({ connection }) => times(request.maxOutputTokens ?? connection.generation?.maxOutputTokens, answers),
          start: (engine, { connection, model }, stop) =>
            through((asked) => textWith(engine, withSettings(asked, model, connection.generation), stop)),
        },
        signal,
        target,
      );
    },

    async embed(caller, request, signal) {
      const inputTokens = estimateText(request.input.reduce((sum, text) => sum + text.length, 0));
      let result: EmbedResult | undefined;
      const call = perform(
        caller,
        {
          wanted: { ...wantedFor(request, inputTokens, ['embed']), promptPreview: request.input[0] ?? '' },
          needs: ['embed'],
          inputTokens,
          words: () => request.input.join('\n'),
          outputTokens: () => 0,
          async *start(engine, { model }, stop) {
            if (!engine.embed) throw new SwitchboardError('not-supported', 'This model makes no embeddings. Choose an embedding model.');
            result = await engine.embed({ ...request, model }, stop);
            yield [{ type: 'end', reason: 'stop', usage: { inputTokens: result.inputTokens ?? inputTokens, outputTokens: 0 } }];
          },
        },
        signal,
      );
      for await (const _ of call);
      if (!result) throw new SwitchboardError('bad-response', 'The model sent no embeddings.');
      return result;
    },

    async countTokens(caller, request, signal) {
      const { names } = wantedFor(request, 0, []);
      const reach = await door.reach(caller);
      // Counting asks nobody: without a grant it is an estimate, which contacts no server either.
      if (reach.length === 0) return estimateCount(request);
      const { connection, model } = await door.resolve(names[0], reach, signal);
      const engine = await engines.open(connection);
      if (!engine.countTokens) return estimateCount(request);
      await deps.originRulesReady();
      try {
        return await engine.countTokens({ ...request, model }, signal);
      } catch (thrown) {
        // Only some servers behind one backend count.
        if (toSwitchboardError(thrown).code !== 'not-supported') throw thrown;
        return estimateCount(request);
      }
    },
  };
}

const denied: AccessState = { state: 'denied', models: [] };

/** A refusal is an answer to a question about access; everything else is a failure. */
async function refusedAsState(asked: Promise<Reach[]>): Promise<Reach[] | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    const error = toSwitchboardError(thrown);
    if (error.code === 'denied') return undefined;
    throw error;
  }
}

function wantedFor(
  { model, ...options }: { model?: string; maxOutputTokens?: number },
  inputTokens: number,
  needs: Ability[],
  answers = 1,
): Wanted {
  return {
    abilities: grantAbilitiesFor(needs),
    names: model === undefined || isDefaultName(model) ? [] : [model],
    asksAccessOnly: false,
    inputTokens,
    outputTokens: times(options.maxOutputTokens, answers),
  };
}

function times(tokens: number | undefined, answers: number): number | undefined {
  return tokens === undefined ? undefined : tokens * answers;
}

function estimateCount(request: Asked<CountRequest>): number {
  return 'messages' in request ? estimateMessages(request.messages, request.tools) : estimateText(request.text.length);
}

/** What the user is shown of a conversation: the last thing that was said. */
function lastWords(messages: Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  const texts = last?.content.flatMap((item) => (item.type === 'text' ? [item.text] : [])) ?? [];
  return texts.join('\n').slice(0, 300);
}

import type { Token, Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { BlockedImage } from './blocked-image.tsx';
import { CodeView } from './code-view.tsx';
import { decodeEntities } from './entities.ts';
import { mathOf } from './math/math.tsx';
import { OutsideLink } from './outside-link.tsx';

/**
 * Markdown tokens as Preact nodes. There is no HTML on this road: what a model writes as HTML is shown as the text it
 * is, images load only when asked, links are checked by OutsideLink.
 */
export function nodesOf(tokens: Token[] | undefined): ComponentChildren[] {
  return (tokens ?? []).map((token) => nodeOf(token as Tokens.Generic & Token));
}

function nodeOf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{nodesOf(token.tokens)}</p>;
    case 'heading':
      return headingOf(token as Tokens.Heading);
    case 'text':
      return token.tokens ? nodesOf(token.tokens) : decodeEntities(token.text);
    case 'escape':
      return token.text;
    case 'strong':
      return <strong>{nodesOf(token.tokens)}</strong>;
    case 'em':
      return <em>{nodesOf(token.tokens)}</em>;
    case 'del':
      return <del>{nodesOf(token.tokens)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'math':
      return mathOf(token.text, token.isDisplay);
    case 'br':
      return <br />;
    case 'hr':
      return <hr />;
    case 'code':
      return <CodeView language={token.lang ?? ''} pieces={[]} rest={token.text} />;
    case 'blockquote':
      return <blockquote>{nodesOf(token.tokens)}</blockquote>;
    case 'list':
      return listOf(token as Tokens.List);
    case 'table':
      return tableOf(token as Tokens.Table);
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'link':
      return <OutsideLink href={decodeEntities(token.href)}>{nodesOf(token.tokens)}</OutsideLink>;
    case 'image':
      return <BlockedImage address={decodeEntities(token.href)} description={decodeEntities(token.text)} />;
    default:
      return token.raw;
  }
}

/** All of one level, below the page's own: models begin with any, and the outline of the page must stay true. */
function headingOf(token: Tokens.Heading) {
  return <h3 class={token.depth > 2 ? 'minor' : undefined}>{nodesOf(token.tokens)}</h3>;
}

function listOf(token: Tokens.List) {
  const items = token.items.map((item) => <li class={item.task ? 'task' : undefined}>{nodesOf(item.tokens)}</li>);
  return token.ordered ? <ol start={token.start === '' ? undefined : token.start}>{items}</ol> : <ul>{items}</ul>;
}

function tableOf(token: Tokens.Table) {
  const cell = (Cell: 'th' | 'td') => (content: Tokens.TableCell) => (
    <Cell style={content.align ? { textAlign: content.align } : undefined}>{nodesOf(content.tokens)}</Cell>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by itself, so the keyboard must reach it
    <div class="table" tabIndex={0}>
      <table>
        <thead>
          <tr>{token.header.map(cell('th'))}</tr>
        </thead>
        <tbody>
          {token.rows.map((row) => (
            <tr>{row.map(cell('td'))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import DOMPurify from 'dompurify';
import { Marked, type Token, type Tokens } from 'marked';
import { highlight } from './highlight.ts';

const marked = new Marked({
  gfm: true,
  renderer: {
    code: ({ text, lang }: Tokens.Code) => `<pre tabindex="0"><code>${highlight(text, lang)}</code></pre>`,
    table(token: Tokens.Table) {
      const cell = (each: Tokens.TableCell, tag: 'th' | 'td'): string =>
        `<${tag}${each.align ? ` align="${each.align}"` : ''}>${this.parser.parseInline(each.tokens)}</${tag}>`;
      const head = token.header.map((each) => cell(each, 'th')).join('');
      const body = token.rows.map((row) => `<tr>${row.map((each) => cell(each, 'td')).join('')}</tr>`).join('');
      return `<div class="table" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
    },
    // Answers link to the outside at most; no picture of a model's choosing is ever fetched.
    link({ href, tokens }: Tokens.Link) {
      return `<a href="${escape(href)}" target="_blank" rel="noreferrer noopener">${this.parser.parseInline(tokens)}</a>`;
    },
    image: ({ text, href }: Tokens.Image) => `<span>${escape(text || href)}</span>`,
    html: (token: Tokens.HTML | Tokens.Tag) => (token.block ? `<p>${escape(token.text)}</p>` : escape(token.text)),
  },
});

const allowed = {
  ALLOWED_TAGS: [
    ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'span', 'div', 'a', 'blockquote'],
    ...['ul', 'ol', 'li', 'input', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ],
  ALLOWED_ATTR: ['href', 'target', 'rel', 'class', 'tabindex', 'align', 'start', 'type', 'checked', 'disabled'],
  // The pattern below is for addresses; these hold none.
  ADD_URI_SAFE_ATTR: ['target', 'rel', 'tabindex', 'align', 'start', 'type', 'checked', 'disabled'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
};

export type Block = { readonly raw: string; readonly html: string };

/**
 * Turns growing Markdown into blocks of clean HTML. Blocks that are finished are kept from call to call, so while an answer
 * streams only its last block is rendered again and the page above it does not move.
 */
export function createRenderer(): (source: string) => readonly Block[] {
  let rendered: readonly Block[] = [];
  return (source) => {
    const tokens = marked.lexer(source).filter((token) => token.type !== 'space');
    rendered = tokens.map((token, index) => {
      const kept = rendered[index];
      return kept?.raw === token.raw ? kept : toBlock(token);
    });
    return rendered;
  };
}

function toBlock(token: Token): Block {
  return { raw: token.raw, html: DOMPurify.sanitize(marked.parser([token]), allowed) };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

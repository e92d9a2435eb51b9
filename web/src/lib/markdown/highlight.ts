import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import yaml from 'highlight.js/lib/languages/yaml';

hljs.registerLanguage('bash', bash);
hljs.registerLanguage('json', json);
hljs.registerLanguage('yaml', yaml);

const aliases: Readonly<Record<string, string>> = {
  sh: 'bash',
  shell: 'bash',
  console: 'bash',
  zsh: 'bash',
  yml: 'yaml',
};

/** Escaped HTML of a piece of code, coloured where the language is one that answers here are written in. */
export function highlight(code: string, language: string | undefined): string {
  const name = language?.trim().toLowerCase() ?? '';
  const known = aliases[name] ?? name;
  if (hljs.getLanguage(known)) return hljs.highlight(code, { language: known, ignoreIllegals: true }).value;
  return code.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}

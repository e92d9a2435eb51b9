import { Tiktoken } from 'js-tiktoken/lite';
import o200k from 'js-tiktoken/ranks/o200k_base';

const encoding = new Tiktoken(o200k);

/** What a model of today reads. */
export function tokensOf(text: string): number {
  return encoding.encode(text).length;
}

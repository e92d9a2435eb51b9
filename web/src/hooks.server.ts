import type { Handle } from '@sveltejs/kit/hooks';

/** Fonts are preloaded too: the page is laid out in its own type from the first paint. */
export const handle: Handle = ({ event, resolve }) =>
  resolve(event, { preload: ({ type }) => type === 'js' || type === 'css' || type === 'font' });

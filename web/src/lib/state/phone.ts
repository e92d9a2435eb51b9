import { MediaQuery } from 'svelte/reactivity';

/** One column, a bar below instead of the side: the `md` breakpoint of the styles. */
export const isPhone = new MediaQuery('(width < 800px)');

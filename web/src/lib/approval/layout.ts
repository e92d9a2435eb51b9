/** How a diff is drawn: one column, or what was beside what will be. */
export type Layout = 'unified' | 'split';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `14:22`, as the rail and the cards say it. */
export function clock(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** `14:22:07`, where the second matters. */
export function clockWithSeconds(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB');
}

/** Relative for an hour, then the clock, then the date. */
export function moment(time: number, now: number): string {
  const age = now - time;
  if (age < minuteMs) return 'now';
  if (age < hourMs) return `${Math.floor(age / minuteMs)} min ago`;
  if (startOfDay(time) === startOfDay(now)) return clock(time);
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** The same in four or five characters, for narrow lists. */
export function shortMoment(time: number, now: number): string {
  return moment(time, now).replace(' ago', '');
}

/** Everything, for tooltips. */
export function exactly(time: number): string {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' });
}

/** `13:42`: minutes and seconds that are left, `2 h 5 min` from an hour on; never negative. */
export function countdown(ms: number): string {
  if (ms >= hourMs) return `${Math.floor(ms / hourMs)} h ${Math.floor((ms % hourMs) / minuteMs)} min`;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `3:02`: minutes and seconds that went by. */
export function elapsed(ms: number): string {
  if (ms >= hourMs) return `${Math.floor(ms / hourMs)} h ${Math.floor((ms % hourMs) / minuteMs)} min`;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `0.3 s`, `58 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 100) return '<0.1 s';
  if (ms < 10_000) return `${(Math.max(ms, 0) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

export type Dated = { readonly createdAt: string };
export type DayGroup<Item> = { readonly title: string; readonly items: readonly Item[] };

/** Newest first, by day: Today, Yesterday, Previous 7 days, then by month. */
export function byDay<Item extends Dated>(items: readonly Item[], now: number): readonly DayGroup<Item>[] {
  const groups = new Map<string, Item[]>();
  for (const item of items.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))) {
    const title = dayTitle(Date.parse(item.createdAt), now);
    groups.set(title, [...(groups.get(title) ?? []), item]);
  }
  return [...groups].map(([title, grouped]) => ({ title, items: grouped }));
}

function dayTitle(time: number, now: number): string {
  // Rounded, because a day may have 23 or 25 hours.
  const days = Math.round((startOfDay(now) - startOfDay(time)) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'Previous 7 days';
  return new Date(time).toLocaleDateString('en-GB', { month: 'long', year: 'numeric' });
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

import type { EvictionEntry } from './evictions.ts';

/** How the evictions of a drain ended: all are gone, their time was up, somebody stopped the run, or no is said for good. */
export type DrainEnd = 'complete' | 'time' | 'stopped' | 'refused';

const reasons = {
  time: 'then the time for it was up',
  stopped: 'then the run was stopped',
  refused: 'the others are refused',
};

export type Drained = {
  readonly text: string;
  readonly facts: {
    readonly complete: boolean;
    readonly evicted: number;
    readonly ending: number;
    readonly left: number;
  };
};

/** What a drain came to. It never claims more than was seen: pods that may still leave are named as such. */
export function drainReport(node: string, entries: readonly EvictionEntry[], end: DrainEnd): Drained {
  const of = (state: EvictionEntry['state']) => entries.filter((entry) => entry.state === state);
  const left = [...of('due'), ...of('refused')];
  const facts = {
    complete: end === 'complete',
    evicted: of('gone').length,
    ending: of('accepted').length,
    left: left.length,
  };
  if (end === 'complete') {
    const gone = entries.length === 0 ? 'There was no pod to evict' : `${pods(entries.length)} left`;
    return { text: `Done, as approved: ${node} is cordoned. ${gone}.`, facts };
  }
  const lines = [
    ...of('accepted').map((entry) => `${pathOf(entry)} was evicted and is still ending`),
    ...left.map((entry) => `${pathOf(entry)} stays: ${whyLeft(entry)}`),
  ];
  const head = `Done in part: ${node} is cordoned and stays so; ${facts.evicted} of ${pods(entries.length)} left, ${reasons[end]}.`;
  return { text: [head, ...lines].join('\n'), facts };
}

export function progressLine(entries: readonly EvictionEntry[]): string {
  const gone = entries.filter(({ state }) => state === 'gone').length;
  const ending = entries.filter(({ state }) => state === 'accepted').length;
  const held = entries.find(({ state, told }) => state === 'due' && told !== undefined);
  const parts = [
    `${gone} of ${pods(entries.length)} left`,
    ...(ending > 0 ? [`${ending} ending`] : []),
    ...(held ? [`${pathOf(held)} waits: ${held.told ?? ''}`] : []),
  ];
  return parts.join('; ').slice(0, 500);
}

function whyLeft({ unanswered, told }: EvictionEntry): string {
  const said = told ?? 'it was not asked to leave yet';
  return unanswered ? `a request for it was never answered, so it may still be evicted (${said})` : said;
}

function pathOf({ request: { target } }: EvictionEntry): string {
  return `${target.namespace ?? ''}/${target.name}`;
}

function pods(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}

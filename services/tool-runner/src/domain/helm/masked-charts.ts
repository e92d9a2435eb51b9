import { maskText } from '../mask.ts';
import type { Charts } from './charts.ts';
import { maskRelease } from './mask-release.ts';

/** Charts as read tools see them. What a chart brings along is public; what is rendered with somebody's values is not. */
export function maskedCharts(charts: Charts): Charts {
  return {
    repositories: () => charts.repositories(),
    search: (query) => charts.search(query),
    show: async (...asked) => maskText(await charts.show(...asked)),
    render: async (...asked) => maskRelease(await charts.render(...asked)),
  };
}

import type { Json } from '@skyflo/contracts';
import { isMap } from './mask-values.ts';
import type { Values } from './release.ts';

/** The values a chart is rendered with: what was given over the chart's own; null takes a default away, as in Helm. */
export function computedValues(chartValues: Values, values: Values): Values {
  const merged: { [key: string]: Json } = { ...chartValues };
  for (const [key, value] of Object.entries(values)) {
    const beneath = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isMap(value) && isMap(beneath) ? computedValues(beneath, value) : value;
  }
  return merged;
}

import type { Application } from 'express';

type Layer = {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
};

/** The methods that routes at this path answer to, as Express has them registered. */
export function methodsAt(app: Application, path: string): string[] {
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] };
  const methods = stack
    .filter((layer) => layer.route && layer.match(path))
    .flatMap((layer) => Object.keys(layer.route?.methods ?? {}));
  return [...new Set(methods)].filter((method) => method !== '_all').map((method) => method.toUpperCase());
}

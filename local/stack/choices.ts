/** Which cluster the tool-runner works on. */
export type ClusterChoice =
  { readonly kind: 'sandbox' } | { readonly kind: 'context'; readonly kubeconfig: string; readonly context: string };

/** Who plays the model. */
export type ModelChoice =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'endpoint'; readonly baseUrl: string; readonly name: string; readonly apiKey: string | undefined };

/** What proves an identity. Asked before each request, so that rotated tokens are picked up. */
export type Credentials = {
  /** Headers to send, and the client certificate where the identity is one. */
  present(signal?: AbortSignal): Promise<Presented>;
  /** The API server did not accept what was presented: the next `present` makes it anew where it can. */
  forget(): void;
};

export type Presented = {
  readonly headers: { readonly [name: string]: string };
  readonly certificate?: { readonly cert: string; readonly key: string };
};

/** One cluster seen as one identity: all that is needed to open a client. */
export type ClusterAccess = {
  /** For messages to people: `context "prod" of /home/ada/.kube/config`. */
  readonly origin: string;
  readonly server: URL;
  readonly tls: { readonly ca?: string; readonly servername?: string; readonly insecure: boolean };
  readonly credentials: Credentials;
  /** The context's own default namespace. */
  readonly namespace?: string;
};

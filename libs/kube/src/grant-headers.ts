import { ensureFailure, Failure } from '@skyflo/contracts';
import { ownServiceAccount } from './own-service-account.ts';
import type { Transport } from './transport.ts';

/** How a request names its grant: in the audit log, and, for an identity behind the admission guard, as its own user extra. */
export class GrantHeaders {
  readonly #transport: Transport;
  readonly #impersonateSelf: boolean;
  #self: Promise<string> | undefined;

  constructor(transport: Transport, impersonateSelf: boolean) {
    this.#transport = transport;
    this.#impersonateSelf = impersonateSelf;
  }

  /** A Failure where the identity's own name cannot be found out: then nothing can be sent. */
  async of(grantId: string): Promise<{ readonly [name: string]: string } | Failure> {
    if (!this.#impersonateSelf) return { 'audit-id': grantId };
    this.#self ??= ownServiceAccount(this.#transport);
    try {
      // The key of a user extra travels percent-encoded in the header's name.
      return {
        'audit-id': grantId,
        'impersonate-user': await this.#self,
        'impersonate-extra-skyflo.ai%2fgrant': grantId,
      };
    } catch (error) {
      this.#self = undefined;
      return ensureFailure(error);
    }
  }
}

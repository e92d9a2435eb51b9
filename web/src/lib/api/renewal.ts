const key = 'skyflo.renewed';

/** What renewing a session came to; nothing is known while the gateway does not answer (then it throws). */
export type Renewed = 'renewed' | 'over';

/** One at a time among all tabs of this browser; `navigator.locks` where there is one (secure origins and localhost). */
export type Exclusive = <Result>(action: () => Promise<Result>) => Promise<Result>;

/**
 * Renews the session once for all tabs. They share the cookies, so they share the renewal too: a refresh token is good for one
 * exchange, and a second tab that sends the same one looks like a thief and ends the session of both.
 *
 * A call reads `mark` before it is sent. If it comes back as 401 and the mark has changed meanwhile, another call or tab has
 * renewed the session already, and the call only has to be repeated.
 */
export class Renewal {
  readonly #exchange: () => Promise<Renewed>;
  readonly #exclusive: Exclusive;
  #here = '';

  constructor(exchange: () => Promise<Renewed>, exclusive: Exclusive = amongTabs) {
    this.#exchange = exchange;
    this.#exclusive = exclusive;
  }

  get mark(): string {
    return this.#stored() ?? this.#here;
  }

  renewedSince(mark: string): Promise<Renewed> {
    return this.#exclusive(async () => {
      if (this.mark !== mark) return 'renewed';
      const renewed = await this.#exchange();
      if (renewed === 'renewed') this.#remember();
      // Without locks another tab may have been quicker: its cookies are the good ones.
      return renewed === 'over' && this.mark !== mark ? 'renewed' : renewed;
    });
  }

  #remember(): void {
    this.#here = `${Date.now()}.${Math.random()}`;
    try {
      localStorage.setItem(key, this.#here);
    } catch {
      // Storage may be forbidden: this tab still renews once for all of its own calls.
    }
  }

  #stored(): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch {
      return undefined;
    }
  }
}

let inThisTab: Promise<unknown> = Promise.resolve();

function amongTabs<Result>(action: () => Promise<Result>): Promise<Result> {
  if (globalThis.navigator?.locks) return navigator.locks.request('skyflo.renewal', action) as Promise<Result>;
  const turn = inThisTab.then(action, action);
  // The next in line waits for this one however it ends; its own caller is told.
  inThisTab = turn.catch(() => undefined);
  return turn;
}

/** Something that is being consumed or answered until it is stopped. */
export type Consumption = {
  /**
   * Takes in nothing more and waits for what is in hand, `graceMs` at most (default 10 s); what is not finished by then is
   * told so by its signal and comes again elsewhere.
   */
  stop(options?: StopOptions): Promise<void>;
};

export type StopOptions = { readonly graceMs?: number };

export const defaultGraceMs = 10_000;

/** Whether `work` ended within the time. Never rejects. */
export async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}

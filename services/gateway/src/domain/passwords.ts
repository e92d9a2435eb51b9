/** Turns passwords into what may be stored, and checks them against it. */
export abstract class Passwords {
  abstract hash(password: string): Promise<string>;

  /**
   * Whether the password is the one that was hashed. Without a hash the answer is no, after the same work: how long it takes
   * tells nobody whether an account exists.
   */
  abstract verify(password: string, hash: string | undefined): Promise<boolean>;
}

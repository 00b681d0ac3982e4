/** When an account is too new to count where somebody may have made it, or brought it along, for this one count. */

/** When an account was made and when it joined a community, where the platform says so. */
export interface Since {
  readonly account?: Date;
  readonly joined?: Date;
}

/** Whoever is paid or asked to come makes an account for it; two weeks ago few of them knew. */
const newAccountMs = 14 * 86_400_000;

/** @param joinedBefore who joined after this moment is new too */
export function isNewcomer({ account, joined }: Since, at: Date, joinedBefore: Date): boolean {
  const isNewAccount = account !== undefined && at.getTime() - account.getTime() < newAccountMs;
  return isNewAccount || (joined !== undefined && joined > joinedBefore);
}

/** Why a failure comes about, and what the operator can do: a sentence each. */
export interface FailureAdvice {
  readonly cause: string;
  readonly action: string;
}

export const BY_ITSELF = "Nothing: it is tried again by itself. If it goes on, tell your administrator.";
export const ANEW = "Press Retry: it is read and sent anew, as another evidence.";
export const ADMINISTRATOR = "Press Retry. If it happens again, show your administrator this message.";

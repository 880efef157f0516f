/**
 * Where a player is sent: one wish at a time, the newest, whatever the element is doing when it comes and in whatever
 * order answers and events arrive. Pure: what happens is told to `afterEvent`, what is to be done comes out of it.
 */
import type { Frame } from "./frame-times.ts";

/** A frame on, one back, or the frame at the position itself. */
export type Move = 1 | 0 | -1;

/** A jump: from a position to another one. */
export type Jump = (fromS: number) => number;

/** A place that is wanted; positions are seconds of the media. */
export interface WantedPlace {
  readonly id: number;
  /** The position that was asked for, and then, as far as it is known, the beginning of the frame there. */
  readonly atS: number;
  /** What has to be found out yet, in this order: the frame there, those beside it, and where jumps from these lead. */
  readonly moves: readonly (Move | Jump)[];
  /** Where the element is to be sent; null until it is known. */
  readonly goToS: number | null;
  readonly frame: Frame | null;
  /** How often it may be sent again when it ends elsewhere: stream readers move it over what they take for holes. */
  readonly againLeft: number;
  /** How often the frame may be gone to from further back when another picture is shown for it. */
  readonly detoursLeft: number;
  /** How often its picture was waited for. */
  readonly looks: number;
}

export type Seeking =
  /** No source is open. */
  | { readonly kind: "closed"; readonly wish: WantedPlace }
  /** The place that is wanted is being found out. */
  | { readonly kind: "asking"; readonly wish: WantedPlace }
  /** The element was sent there, perhaps for an earlier wish: another one waits until it has arrived. */
  | { readonly kind: "sent"; readonly wish: WantedPlace; readonly toS: number; readonly toldS: number | null }
  /**
   * It has arrived. `isTold`: and the picture that is wanted was told of since it was sent, which may have been there
   * before as well; what is told from now on is what is on the screen.
   */
  | { readonly kind: "looking"; readonly wish: WantedPlace; readonly isTold: boolean }
  /** Nothing is wanted that is not there. `last`: what was gone to; null where the player stands or plays otherwise. */
  | { readonly kind: "resting"; readonly lastId: number; readonly last: ReachedWish | null };

type ReachedWish = WantedPlace & { readonly frame: Frame };

export type SeekEvent =
  | { readonly kind: "wanted"; readonly mediaS: number }
  /** @param fromS the frame shown, in case nothing else is known that steps begin at */
  | { readonly kind: "stepped"; readonly move: Move; readonly fromS: number }
  /** @param fromS where it begins in case that nothing is wanted */
  | { readonly kind: "jumped"; readonly leap: Jump; readonly fromS: number }
  /** The answer to `ask`; null where there is no such frame, or nobody knows. */
  | { readonly kind: "found"; readonly id: number; readonly frame: Frame | null }
  | { readonly kind: "opened" }
  /** The source is given up for another one. */
  | { readonly kind: "closed"; readonly shownS: number }
  | { readonly kind: "seeked"; readonly at: ElementPlace }
  /** A picture has come on the screen. */
  | { readonly kind: "shown"; readonly startS: number }
  /** The answer to `look`: pictures have had their time to come. */
  | {
      readonly kind: "looked";
      readonly id: number;
      readonly looks: number;
      readonly shownS: number | null;
      readonly isPlaying: boolean;
    }
  | { readonly kind: "played" };

export interface ElementPlace {
  readonly mediaS: number;
  /** It is already on its way to another place than the one that this is told of. */
  readonly isSeeking: boolean;
  readonly isPlaying: boolean;
  /** So far it may have played on since it arrived, seconds. */
  readonly leewayS: number;
}

export type SeekCommand =
  | { readonly kind: "ask"; readonly id: number; readonly fromS: number; readonly move: Move }
  | { readonly kind: "send"; readonly toS: number }
  | { readonly kind: "look"; readonly id: number; readonly looks: number };

export interface SeekStep {
  readonly seeking: Seeking;
  readonly commands: readonly SeekCommand[];
}

const AGAIN = 4;
const DETOURS = 2;
const DETOUR_S = 0.25;
const SAME_FRAME_S = 0.001;

/** A player that is being opened: it begins at a position. */
export function seekingAtFirst(mediaS: number): SeekStep {
  return want(0, { atS: mediaS, moves: [0] }, (wish) => ({ kind: "closed", wish }));
}

/** Whether another picture is awaited than the one on the screen, as far as is known. */
export function isAwaited(seeking: Seeking): boolean {
  return seeking.kind !== "resting" && !(seeking.kind === "looking" && seeking.isTold);
}

/** The newest place that was wanted, as far as it is known; null where that is the one at which the element stands. */
export function wantedS(seeking: Seeking): number | null {
  if (seeking.kind === "resting") return seeking.last?.frame.insideS ?? null;
  return seeking.wish.frame?.insideS ?? seeking.wish.atS;
}

export function afterEvent(seeking: Seeking, event: SeekEvent): SeekStep {
  switch (event.kind) {
    case "wanted":
      return want(idOf(seeking), { atS: event.mediaS, moves: [0] }, (wish) => withWish(seeking, wish));
    case "stepped":
      return afterStep(seeking, event.move, event.fromS);
    case "jumped":
      return afterJump(seeking, event.leap, event.fromS);
    case "found":
      return afterAnswer(seeking, event.id, event.frame);
    case "opened":
      return seeking.kind === "closed" ? goOn({ kind: "asking", wish: seeking.wish }) : nothing(seeking);
    case "closed":
      return afterClose(seeking, event.shownS);
    case "seeked":
      return seeking.kind === "sent" ? afterArrival(seeking, event.at) : afterMove(seeking, event.at);
    case "shown":
      return afterPicture(seeking, event.startS);
    case "looked":
      return isOfThisLook(seeking, event)
        ? afterLook(seeking.wish, event.shownS, event.isPlaying)
        : nothing(seeking);
    case "played":
      if (seeking.kind === "looking") return rest(seeking.wish, false);
      return nothing(seeking.kind === "resting" ? { ...seeking, last: null } : seeking);
  }
}

const nothing = (seeking: Seeking): SeekStep => ({ seeking, commands: [] });

/** @param isThere whether it is the frame of the wish that is shown */
function rest(wish: WantedPlace, isThere: boolean): SeekStep {
  const { frame } = wish;
  const last = isThere && frame !== null ? { ...wish, frame } : null;
  return nothing({ kind: "resting", lastId: wish.id, last });
}

const idOf = (seeking: Seeking): number => (seeking.kind === "resting" ? seeking.lastId : seeking.wish.id);

const isSame = (frame: Frame, shownS: number | null): boolean =>
  shownS !== null && Math.abs(shownS - frame.startS) < SAME_FRAME_S;

const ask = ({ id, atS, moves: [move] }: WantedPlace): SeekCommand[] =>
  move === undefined || typeof move === "function" ? [] : [{ kind: "ask", id, fromS: atS, move }];

function want(
  lastId: number,
  { atS, moves }: Pick<WantedPlace, "atS" | "moves">,
  into: (wish: WantedPlace) => Seeking,
): SeekStep {
  const wish: WantedPlace = {
    ...{ id: lastId + 1, atS, moves, goToS: null, frame: null },
    ...{ againLeft: AGAIN, detoursLeft: DETOURS, looks: 0 },
  };
  return { seeking: into(wish), commands: ask(wish) };
}

/** The element goes on with what it does; the wish is another. */
function withWish(seeking: Seeking, wish: WantedPlace): Seeking {
  return seeking.kind === "closed" || seeking.kind === "sent"
    ? { ...seeking, wish }
    : { kind: "asking", wish };
}

/** Steps are counted from what is wanted already, whether or not its picture has come. */
function afterStep(seeking: Seeking, move: Move, fromS: number): SeekStep {
  if (seeking.kind === "resting")
    return want(seeking.lastId, { atS: seeking.last?.frame.startS ?? fromS, moves: [move] }, (wish) => ({
      kind: "asking",
      wish,
    }));
  const { wish } = seeking;
  const stepped = { ...wish, moves: [...wish.moves, move], againLeft: AGAIN, detoursLeft: DETOURS };
  const isAsking = wish.moves.length > 0;
  return { seeking: withWish(seeking, stepped), commands: isAsking ? [] : ask(stepped) };
}

/** A jump begins where it is wanted to be; behind a step of which the frame is not known yet it waits for that. */
function afterJump(seeking: Seeking, leap: Jump, fromS: number): SeekStep {
  if (seeking.kind === "resting" || !seeking.wish.moves.some((move) => move !== 0))
    return want(idOf(seeking), { atS: leap(wantedS(seeking) ?? fromS), moves: [0] }, (wish) =>
      withWish(seeking, wish),
    );
  const { wish } = seeking;
  return nothing(
    withWish(seeking, { ...wish, moves: [...wish.moves, leap], againLeft: AGAIN, detoursLeft: DETOURS }),
  );
}

/** The frame that a jump begins at is known: what is wanted is the frame where it leads. */
function leapt(wish: WantedPlace): WantedPlace {
  const [leap, ...moves] = wish.moves;
  if (typeof leap !== "function") return wish;
  const atS = leap(wish.frame?.insideS ?? wish.atS);
  return leapt({
    ...wish,
    atS,
    frame: null,
    goToS: null,
    moves: typeof moves[0] === "function" ? moves : [0, ...moves],
  });
}

function afterAnswer(seeking: Seeking, id: number, frame: Frame | null): SeekStep {
  if (seeking.kind === "resting" || seeking.wish.id !== id) return nothing(seeking);
  const [move, ...moves] = seeking.wish.moves;
  const found = { ...seeking.wish, moves };
  const wish = leapt(
    frame === null
      ? // Positions are gone to as they are; a step leads nowhere.
        { ...found, goToS: found.goToS ?? (move === 0 ? found.atS : null) }
      : { ...found, atS: frame.startS, frame, goToS: frame.insideS },
  );
  const { seeking: next, commands } = goOn({ ...seeking, wish });
  return { seeking: next, commands: [...ask(wish), ...commands] };
}

/** Sends an element that stands to where it is wanted, as soon as that is known. */
function goOn(seeking: Exclude<Seeking, { kind: "resting" }>): SeekStep {
  if (seeking.kind === "closed" || seeking.kind === "sent") return nothing(seeking);
  const { wish } = seeking;
  if (wish.goToS !== null) return send(wish, wish.goToS);
  return wish.moves.length > 0 ? nothing({ kind: "asking", wish }) : rest(wish, false);
}

const send = (wish: WantedPlace, toS: number): SeekStep => ({
  seeking: { kind: "sent", wish, toS, toldS: null },
  commands: [{ kind: "send", toS }],
});

/** Another source begins anew: what was wanted is wanted of it, else what was shown. */
function afterClose(seeking: Seeking, shownS: number): SeekStep {
  if (seeking.kind === "resting")
    return want(seeking.lastId, { atS: seeking.last?.frame.insideS ?? shownS, moves: [0] }, (wish) => ({
      kind: "closed",
      wish,
    }));
  return nothing({ kind: "closed", wish: { ...seeking.wish, againLeft: AGAIN, detoursLeft: DETOURS } });
}

const isElsewhere = ({ mediaS, leewayS }: ElementPlace, toS: number): boolean =>
  Math.abs(mediaS - toS) > leewayS;

const sendAgain = (wish: WantedPlace, toS: number): SeekStep =>
  send({ ...wish, againLeft: wish.againLeft - 1 }, toS);

/** Somebody else has sent an element elsewhere that had arrived. */
function afterMove(seeking: Seeking, at: ElementPlace): SeekStep {
  const wish = seeking.kind === "resting" ? seeking.last : seeking.kind === "looking" ? seeking.wish : null;
  if (wish === null || wish.goToS === null || at.isSeeking || at.isPlaying) return nothing(seeking);
  return isElsewhere(at, wish.goToS) && wish.againLeft > 0 ? sendAgain(wish, wish.goToS) : nothing(seeking);
}

function afterArrival({ wish, toS, toldS }: Extract<Seeking, { kind: "sent" }>, at: ElementPlace): SeekStep {
  if (at.isSeeking) return nothing({ kind: "sent", wish, toS, toldS });
  if (wish.goToS === null) return goOn({ kind: "asking", wish });
  if (wish.goToS !== toS) return send(wish, wish.goToS);
  if (isElsewhere(at, toS) && wish.againLeft > 0) return sendAgain(wish, toS);
  if (wish.moves.length > 0) return nothing({ kind: "asking", wish });
  if (at.isPlaying || wish.frame === null) return rest(wish, false);
  return look(wish, isSame(wish.frame, toldS));
}

function look(wish: WantedPlace, isTold: boolean): SeekStep {
  const looks = wish.looks + 1;
  return {
    seeking: { kind: "looking", wish: { ...wish, looks }, isTold },
    commands: [{ kind: "look", id: wish.id, looks }],
  };
}

function isOfThisLook(
  seeking: Seeking,
  { id, looks }: { readonly id: number; readonly looks: number },
): seeking is Extract<Seeking, { kind: "looking" }> {
  return seeking.kind === "looking" && seeking.wish.id === id && seeking.wish.looks === looks;
}

function afterPicture(seeking: Seeking, startS: number): SeekStep {
  if (seeking.kind === "sent") return nothing({ ...seeking, toldS: startS });
  // On a busy page a picture is told of later than anybody waits for it.
  if (seeking.kind === "resting" && seeking.last !== null) return afterLook(seeking.last, startS, false);
  if (seeking.kind !== "looking" || seeking.wish.frame === null) return nothing(seeking);
  return isSame(seeking.wish.frame, startS) ? rest(seeking.wish, true) : nothing(seeking);
}

/**
 * Browsers and their stream readers take a little less than what is there for enough, and show a frame after the one
 * that is wanted: from further back what is missing is fetched.
 */
function afterLook(wish: WantedPlace, shownS: number | null, isPlaying: boolean): SeekStep {
  const { frame, goToS, detoursLeft } = wish;
  if (isPlaying || frame === null || goToS === null) return rest(wish, false);
  if (isSame(frame, shownS) || detoursLeft === 0) return rest(wish, true);
  return send({ ...wish, detoursLeft: detoursLeft - 1 }, goToS - DETOUR_S);
}

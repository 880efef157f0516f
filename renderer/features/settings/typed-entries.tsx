import { createContext, use, useMemo, useState, type ReactNode } from "react";

/** What was typed at one place of the settings and is not saved: only what differs from what is kept. */
type Differences = Readonly<Record<string, unknown>>;

interface TypedEntries {
  readonly places: ReadonlyMap<string, Differences>;
  readonly put: (place: string, differences: Differences) => void;
}

const Entries = createContext<TypedEntries | null>(null);

/** Holds what is typed while the settings are open, whichever tab is shown; nothing of it outlives them. */
export function useTypedEntries() {
  const [places, setPlaces] = useState<ReadonlyMap<string, Differences>>(new Map());
  const entries = useMemo(() => {
    const put = (place: string, differences: Differences) =>
      setPlaces((before) => {
        const others = [...before].filter(([other]) => other !== place);
        return new Map(
          Object.keys(differences).length === 0 ? others : [...others, [place, differences] as const],
        );
      });
    return { places, put };
  }, [places]);
  return { entries, unsaved: [...places.keys()], forget: () => setPlaces(new Map()) };
}

export function TypedEntriesProvider(props: {
  readonly entries: TypedEntries;
  readonly children: ReactNode;
}) {
  return <Entries value={props.entries}>{props.children}</Entries>;
}

interface TypedForm<Form> {
  /** What is kept, with what was typed over it. */
  readonly typed: Form;
  readonly type: (part: Partial<Form>) => void;
  /** It was saved. */
  readonly forget: () => void;
}

/**
 * A form of the settings. What was not touched follows what is kept, also when that changes elsewhere.
 * @param place its heading, by which the operator is told that it is not saved
 */
export function useTyped<Form extends object>(place: string, kept: Form): TypedForm<Form> {
  const entries = use(Entries);
  if (entries === null) throw new Error(`"${place}" stands outside of the settings.`);
  const typed: Form = { ...kept, ...entries.places.get(place) };
  const type = (part: Partial<Form>) => entries.put(place, differencesOf(kept, { ...typed, ...part }));
  return { typed, type, forget: () => entries.put(place, {}) };
}

/** Typed and taken back again is not typed. */
export function differencesOf<Form extends object>(kept: Form, typed: Form): Differences {
  const before = new Map<string, unknown>(Object.entries(kept));
  return Object.fromEntries(
    Object.entries(typed).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before.get(field)),
    ),
  );
}

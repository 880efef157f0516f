import { type Created, creatorText } from "./creator-text.ts";

/** Who created a record, in a column: the operator is seen, and the account too under the pointer. */
export function creatorCell(record: Created) {
  const text = creatorText(record);
  return <span title={text}>{text}</span>;
}

/** The tables are of another version of the program than this one. */
export class OtherSchema extends Error {
  readonly found: number;
  readonly known: number;

  /**
   * @param found the version that the tables have; 0 where there are none
   * @param known the version that this program works with
   */
  constructor(found: number, known: number) {
    super(`The tables have version ${found}; this program works with version ${known}.`);
    this.found = found;
    this.known = known;
  }
}

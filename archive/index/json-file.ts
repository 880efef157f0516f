/** The value of a JSON text, or undefined where the text is torn, as a power cut can leave a small file. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Lets the browser download a file of this origin; its name comes with the answer. */
export function download(path: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}

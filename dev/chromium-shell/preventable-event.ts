/** An event whose default main may prevent, as Electron hands it to `close`, `before-quit`, `will-navigate`. */
export class PreventableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

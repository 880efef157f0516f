/**
 * For scripts outside this repository: one call starts the console on a site and returns a Playwright page,
 * another wraps that page's controls. See docs/reference/automation.md.
 */
export { startConsole, type ConsoleOptions, type RunningConsole } from "./fixture/console.ts";
export { screensOf, type Screens } from "./screen-objects/screens.ts";

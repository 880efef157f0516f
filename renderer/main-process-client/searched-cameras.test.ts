import { expect, test } from "vitest";
import { cameraMatcher } from "./searched-cameras.ts";

const LOBBY = { name: "Lobby entrance", area: "North wing" };

test.each(["", "  ", "lobby", "ENTRANCE lob", " north\tentrance ", "wing"])("%j finds the camera", (text) => {
  expect(cameraMatcher(text)(LOBBY)).toBe(true);
});

test.each(["gate", "lobby gate", "lobbyentrance", "entrancenorth"])("%j does not", (text) => {
  expect(cameraMatcher(text)(LOBBY)).toBe(false);
});

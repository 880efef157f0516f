import { Visitor, type ESTree } from "vite";
import type { ProductionFile } from "./production-files.ts";

export interface FunctionSize {
  path: string;
  /** Where it begins. */
  line: number;
  lineCount: number;
  parameterCount: number;
}

type FunctionNode = ESTree.Function | ESTree.ArrowFunctionExpression;

/**
 * The functions of a file that have a name: declarations, methods, and what is given to a variable, a property or a
 * field. What is handed over where it is written (a callback) is lines of the function around it.
 */
export function functionsOf(file: ProductionFile): FunctionSize[] {
  if (file.parsed === undefined) return [];
  const lineAt = lineFinder(file.text);
  const found: FunctionSize[] = [];
  const add = (outer: { start: number; end: number }, node: FunctionNode): void => {
    if (node.body === null) return;
    const line = lineAt(outer.start);
    const parameterCount = node.params.filter(
      (one) => one.type !== "Identifier" || one.name !== "this",
    ).length;
    found.push({ path: file.path, line, lineCount: lineAt(outer.end) - line + 1, parameterCount });
  };
  const addNamed = (outer: { start: number; end: number }, value: ESTree.Node | null): void => {
    if (value?.type === "ArrowFunctionExpression" || value?.type === "FunctionExpression") add(outer, value);
  };
  new Visitor({
    FunctionDeclaration: (node) => add(node, node),
    MethodDefinition: (node) => add(node, node.value),
    VariableDeclarator: (node) => addNamed(node, node.init),
    PropertyDefinition: (node) => addNamed(node, node.value),
    Property: (node) => addNamed(node, node.value),
  }).visit(file.parsed.program);
  return found;
}

/** Tells the line, from 1, in which a character of a text stands. */
export function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** @returns a pattern source that matches a name as written, dots and brackets included */
export const literally = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

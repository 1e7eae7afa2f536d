export interface Door {
  id: string;
  /** As developers call it; not translated. */
  name: string;
  /** What it is tried with; a question where absent. */
  text?: string;
  request(text: string): Record<string, unknown>;
}
export declare const doors: Door[];
export declare function snippetOf(request: unknown, code: string): string;
export declare function textOf(piece: unknown): string;
export declare function tokensOf(piece: unknown): number | undefined;
export declare function briefOf(piece: unknown): unknown;

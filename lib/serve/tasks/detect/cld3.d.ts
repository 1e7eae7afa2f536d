/** The compiled CLD3 of the package cld3-asm, without the package's own loader. In a bundle its `browser` field swaps it. */
declare module 'cld3-asm/dist/cjs/lib/node/cld3.js' {
  interface Runtime {
    /** A function of C with its types; a `number` is also the address of text or of a structure. */
    cwrap(name: string, returns: 'number' | null, takes: 'number'[]): (...values: number[]) => number;
    _malloc(bytes: number): number;
    _free(address: number): void;
    /** The address of a copy, which is the caller's to free. */
    allocateUTF8(text: string): number;
    UTF8ToString(address: number): string;
    getValue(address: number, type: 'float' | '*'): number;
  }

  interface Settings {
    onRuntimeInitialized(): void;
    onAbort(reason: unknown): void;
  }

  export default function start(settings: Settings): Runtime;
}

/**
 * The part of the origin private file system that the model store uses, in memory. As in browsers, what a writer wrote
 * is seen only after it closed, and a file that was made but not written is empty. `room` is what one file may hold.
 */
export function createMemoryDirectory({ room = Number.POSITIVE_INFINITY } = {}): FileSystemDirectoryHandle & { files: Map<string, Blob> } {
  const files = new Map<string, Blob>();
  const directory = {
    files,
    async *keys() {
      yield* [...files.keys()];
    },
    async getFileHandle(name: string, { create = false } = {}) {
      if (!files.has(name) && !create) throw new DOMException(`no ${name}`, 'NotFoundError');
      if (!files.has(name)) files.set(name, new Blob());
      return fileHandle(name);
    },
    async removeEntry(name: string) {
      if (!files.delete(name)) throw new DOMException(`no ${name}`, 'NotFoundError');
    },
  };

  function fileHandle(name: string) {
    return {
      async getFile() {
        const file = files.get(name);
        if (!file) throw new DOMException(`no ${name}`, 'NotFoundError');
        return new File([file], name);
      },
      async createWritable() {
        const pieces: Blob[] = [];
        return {
          async write(piece: BlobPart) {
            pieces.push(new Blob([piece]));
            if (new Blob(pieces).size > room) throw new DOMException('full', 'QuotaExceededError');
          },
          async close() {
            files.set(name, new Blob(pieces));
          },
          async abort() {},
        };
      },
    };
  }

  return directory as unknown as FileSystemDirectoryHandle & { files: Map<string, Blob> };
}

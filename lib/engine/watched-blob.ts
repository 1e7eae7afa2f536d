/** The file, telling how far it was read. wllama reads either slices or the stream, front to back. */
export function withProgress(file: Blob, onProgress: (progress: number) => void): Blob {
  const { size } = file;
  const watched = new Blob([file]);
  watched.slice = (start = 0, end = size) => {
    onProgress(Math.min(1, end / size));
    return file.slice(start, end);
  };
  watched.stream = () => {
    let bytes = 0;
    return file.stream().pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(piece, controller) {
          bytes += piece.length;
          onProgress(bytes / size);
          controller.enqueue(piece);
        },
      }),
    );
  };
  return watched;
}

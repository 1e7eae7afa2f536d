/** Where the servers that people run at home listen unless told otherwise. */
export const knownLocalAddresses = [11434, 8080, 1234, 5001, 5000, 8000, 1337, 4000, 4891].map((port) => `http://127.0.0.1:${port}`);

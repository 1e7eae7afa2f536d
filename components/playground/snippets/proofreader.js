export async function* ask({ text, ...options }, signal) {
  const proofreader = await Proofreader.create({ ...options, signal });
  yield await proofreader.proofread(text, { signal });
}

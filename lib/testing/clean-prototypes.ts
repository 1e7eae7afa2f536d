/** What stands on the prototypes that careless merging writes to. Throws where something was added since. */
export function watchPrototypes(): () => void {
  const owners = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
  const before = owners.map((owner) => Reflect.ownKeys(owner).length);
  return () => {
    const added = owners.filter((owner, index) => Reflect.ownKeys(owner).length !== before[index]);
    if (added.length > 0) throw new Error('A prototype was polluted.');
  };
}

export function Appearance() {
  return null;
}

export function NewSource() {
  return null;
}

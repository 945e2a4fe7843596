export function EditSource() {
  return null;
}

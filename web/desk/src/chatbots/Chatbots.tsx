export function Chatbots() {
  return null;
}

/** Style sheets come as text and are adopted by the shadow root. */
declare module "*.css?inline" {
  const text: string;
  export default text;
}

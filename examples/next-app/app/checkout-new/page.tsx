export default function NewCheckout() {
  return <main>one page</main>;
}

export default function Checkout() {
  return <main>three pages</main>;
}

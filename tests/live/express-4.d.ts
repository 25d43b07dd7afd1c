// Express 4 under its alias. Its types are those of Express 5 as far as the tests go.
declare module 'express-4' {
  export { default } from 'express';
}

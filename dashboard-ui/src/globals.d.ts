/** Put in by Vite: names this build of the page. */
declare const __BUILD__: string
declare module '*.css'

// Begins the page of the phone.
import { start } from "./phone.js";

start();

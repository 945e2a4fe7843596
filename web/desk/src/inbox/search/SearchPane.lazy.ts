import { lazyPart } from "../../ui/lazyPart";

/** Filters and results: fetched when somebody is about to search. */
export const SearchPane = lazyPart(() => import("./SearchPane"));

import type { ModelsView, Page, ToolView } from "@baton/client/types";
import { queryOptions } from "@tanstack/react-query";
import { http } from "../../lib/api";

/** The models of a chatbot or of the workspace. */
export const modelsQuery = (path: string) =>
  // What went wrong is about now: coming back to the page looks again.
  queryOptions({ queryKey: ["ai-model", path], queryFn: () => http.get<ModelsView>(path), staleTime: 0 });

/** The functions of a chatbot. */
export const toolsQuery = (chatbot: string) =>
  queryOptions({
    queryKey: ["tools", chatbot],
    queryFn: () => http.get<Page<ToolView>>(`/chatbots/${chatbot}/tools`),
  });

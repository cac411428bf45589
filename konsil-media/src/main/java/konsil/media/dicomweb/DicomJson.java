package konsil.media.dicomweb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konsil.media.BadMediaException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Results of a search, the DICOM JSON model of PS3.18 annex F. Elements that nobody asked for are not even kept. */
final class DicomJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST = 1 << 20;
    private static final int LONGEST_KEPT = 256;

    private final String name;
    private final Set<String> wanted;
    private final JsonParser parser;

    private DicomJson(String name, byte[] text, Set<String> wanted) {
        this.name = name;
        this.wanted = wanted;
        var limits = StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST)
                .maxStringLength(LONGEST)
                .maxNameLength(LONGEST_KEPT)
                .build();
        parser = JsonFactory.builder()
                .streamReadConstraints(limits)
                .build()
                .createParser(ObjectReadContext.empty(), text);
    }

    /**
     * @param name what to call the text in messages
     * @param wanted tags as eight digits, "0020000E"
     * @return for each data set the first value of each wanted element that has one, as text
     * @throws BadMediaException when it is something else
     */
    static List<Map<String, String>> read(String name, byte[] text, Set<String> wanted) {
        try {
            var json = new DicomJson(name, text, wanted);
            try (json.parser) {
                return json.dataSets();
            }
        } catch (JacksonException _) {
            // Its message may quote the text, which may hold names: it is no cause to keep.
            throw bad(name);
        }
    }

    private static BadMediaException bad(String name) {
        return new BadMediaException(name, "the answer is no DICOM JSON; is this a DICOMweb address?");
    }

    private void require(boolean holds) {
        if (!holds) {
            throw bad(name);
        }
    }

    private List<Map<String, String>> dataSets() {
        var all = new ArrayList<Map<String, String>>();
        require(parser.nextToken() == JsonToken.START_ARRAY);
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            require(token == JsonToken.START_OBJECT);
            all.add(dataSet());
        }
        require(parser.nextToken() == null);
        return all;
    }

    private Map<String, String> dataSet() {
        var elements = new HashMap<String, String>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String tag = parser.currentName();
            JsonToken value = parser.nextToken();
            if (!wanted.contains(tag)) {
                parser.skipChildren();
                continue;
            }
            require(value == JsonToken.START_OBJECT);
            element(tag, elements);
        }
        require(parser.currentToken() == JsonToken.END_OBJECT);
        return elements;
    }

    private void element(String tag, Map<String, String> elements) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean values = parser.currentName().equals("Value");
            JsonToken token = parser.nextToken();
            if (!values) {
                parser.skipChildren();
                continue;
            }
            require(token == JsonToken.START_ARRAY);
            values(tag, elements);
        }
        require(parser.currentToken() == JsonToken.END_OBJECT);
    }

    private void values(String tag, Map<String, String> elements) {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            require(token != null);
            if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                String text = parser.getString();
                require(text.length() <= LONGEST_KEPT);
                elements.putIfAbsent(tag, text.strip());
            } else {
                parser.skipChildren();
            }
        }
    }
}

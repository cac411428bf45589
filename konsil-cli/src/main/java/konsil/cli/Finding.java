package konsil.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of the doctor's report.
 *
 * @param topic a stable name, for programs too
 * @param level whether something should be done
 * @param value what was found, for people
 * @param advice what to do about it, empty if nothing
 * @param data the same as plain values, for programs; units are in the names
 */
record Finding(String topic, Level level, String value, String advice, Map<String, Object> data) {
    /** How bad it is. */
    enum Level {
        /** As it should be. */
        OK,
        /** Works, but slower or with less than it could. */
        NOTE,
        /** Something will not work. */
        PROBLEM
    }

    static Finding ok(String topic, String value, Map<String, Object> data) {
        return new Finding(topic, Level.OK, value, "", data);
    }

    static Finding note(String topic, String value, String advice, Map<String, Object> data) {
        return new Finding(topic, Level.NOTE, value, advice, data);
    }

    static Finding problem(String topic, String value, String advice, Map<String, Object> data) {
        return new Finding(topic, Level.PROBLEM, value, advice, data);
    }

    /** As {@link Json} prints it. */
    Map<String, Object> json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", topic);
        object.put("level", level);
        object.put("value", value);
        if (!advice.isEmpty()) object.put("advice", advice);
        object.putAll(data);
        return object;
    }
}
